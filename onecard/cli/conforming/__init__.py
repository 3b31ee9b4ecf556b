"""The conformance kit: a caller that signs, an ear for webhooks, and what is checked."""

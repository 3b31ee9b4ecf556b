"""The command line: `onecard ...`. A thin door; everything it does is an action or a query."""

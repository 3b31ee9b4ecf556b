"""交通账户: the citizen's purse, their top-ups, and the phone that the demo plays."""

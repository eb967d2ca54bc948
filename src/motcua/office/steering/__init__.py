"""The city's desk for leaders: the live dashboard, alerts, digests, targets and the reform index."""

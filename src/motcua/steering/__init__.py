"""The city's desk: saved views, alerts, digests, targets and the city's own assessment of its reform."""

"""The verbs of the KPIs."""

"""In the control office: every dossier of the agencies below, stage by stage against its limit."""

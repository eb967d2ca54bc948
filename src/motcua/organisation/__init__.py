"""Who: tiers, agencies, roles, appointments and delegations, all dated."""

"""Messages to people: by SMS, mail and web push, each event once."""

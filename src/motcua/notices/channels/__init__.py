"""The ways out of the house: text messages by SMPP or a gateway, mail, web push, and the sandbox."""

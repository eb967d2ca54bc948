"""The heart: the journal, the state folded from it, the open tasks, handle() and the outbox."""

"""The forms, scores and indices the state asks for, and reports that never change once issued."""

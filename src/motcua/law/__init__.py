"""The rules of the one-stop office, pure Python.

Nothing here knows a database, a file, a network or the time of day: instants, calendars, the
organisation and the procedure version are handed in. What is stored and shown is left to the other rooms.
"""

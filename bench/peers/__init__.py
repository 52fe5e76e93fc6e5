"""The same rule written by hand for other tools, held to identical totals.

Unknown is neither true nor false in all of them, as in CEL: a household's condition is unknown where a
missing value could still decide it, and a household nobody is recorded in has unknown members.
"""

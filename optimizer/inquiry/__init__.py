"""Questions about a plan, each answered by solving again: one kind of question a module."""

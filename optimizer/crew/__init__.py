"""Who does many tasks: this process, several side by side, or the workers of a cluster. The answers are the same."""

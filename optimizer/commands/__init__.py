"""The commands: one module each, loaded when it is called, so that help need not wait for a solver."""

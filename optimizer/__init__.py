"""The verbs: one module each, a typed noun in, a typed noun out."""

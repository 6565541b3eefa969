"""From a plan to what people read: one format a module; none changes an answer."""

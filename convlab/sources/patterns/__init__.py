"""How the teaching patterns are drawn: pure functions of time and dials, no clock, no state."""

"""One file per lab: which widgets stand where, and which edit each intent becomes."""

"""Who meets about a case, when, why and what each may see; it keeps what was decided and refuses to know the person."""

"""Who may do what: tokens granted and revoked, keys kept, strangers turned away."""

"""Case routing for a national referral mechanism: a signal in, referrals out, and a trail that can be verified."""

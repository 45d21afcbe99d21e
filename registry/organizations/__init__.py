"""Organizations: companies, universities, institutes, supporters; members, contacts, invitations."""

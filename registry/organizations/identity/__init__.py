"""Whether two records are one organization: pure, without database and pages. This is the door."""

from registry.organizations.identity.facts import Facts, Keys, keys_of
from registry.organizations.identity.judging import Judgement, Verdict, judge
from registry.organizations.identity.register import Match, Register

__all__ = ["Facts", "Judgement", "Keys", "Match", "Register", "Verdict", "judge", "keys_of"]

"""How people sign in here, as administrators decide it."""

from typing import ClassVar, Literal

from appliance.records import Role
from appliance.sections import Section

SecondFactor = Literal["optional", "administrators", "everyone"]


class SignIn(Section, frozen=True):
    """``second_factor``: who has to have one; everybody may."""

    SECTION: ClassVar[str] = "sign_in"

    second_factor: SecondFactor = "optional"


def second_factor_required(policy: SignIn, role: Role | None) -> bool:
    """Whether a person of this role has to have a second factor."""
    return policy.second_factor == "everyone" or (
        policy.second_factor == "administrators" and role == "admin"
    )

"""Two-step verification of the pretend appliance: its code is 123456."""

import segno

from tests.static.preview_house import NOW, Json
from tests.static.preview_server import Preview, route

CODES = [f"ABCD-EFGH-JK{number}-MNPQ" for number in range(20, 30)]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def standing(self: Preview) -> Json:
    on = self.house.second_factor
    return {"enabled": on, "required": self.house.wants_second_factor,
            "since": NOW if on else None, "codes_left": 10 if on else 0}  # fmt: skip


@route("GET", "/api/second-factor")
def read(self: Preview) -> None:
    self.json(standing(self))


@route("POST", "/api/second-factor")
def begin(self: Preview) -> None:
    if self.body()["password"] == "errada":
        return self.problem(403, "wrong_current_password", "A senha atual não confere.")
    address = f"otpauth://totp/Balc%C3%A3o:helena%40escola.example?secret={SECRET}"
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    return self.json({"secret": SECRET, "address": address, "picture": picture})


@route("POST", "/api/second-factor/confirm")
def confirm(self: Preview) -> None:
    if self.body()["code"] != "123456":
        return self.problem(400, "wrong_code", "O código não confere ou já foi usado.")
    self.house.second_factor = True
    return self.json({"codes": CODES})


@route("POST", "/api/second-factor/codes")
def renew(self: Preview) -> None:
    self.json({"codes": CODES[::-1]})


@route("POST", "/api/second-factor/remove")
def remove(self: Preview) -> None:
    self.house.second_factor = False
    self.json(standing(self))

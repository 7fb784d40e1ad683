"""Groups of the pretend appliance, and who may use and change an assistant."""

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_people import listed
from tests.static.preview_server import Preview, route


@route("GET", "/api/groups")
def groups(self: Preview) -> None:
    self.json(listed(list(self.house.groups.values())))


@route("POST", "/api/groups")
def grouped(self: Preview) -> None:
    made: Json = {"id": new_id("g"), "created_at": NOW} | self.body()
    self.house.groups[made["id"]] = made
    self.json(made, 201)


@route("PATCH", "/api/groups/{}")
def regrouped(self: Preview, group: str) -> None:
    self.house.groups[group] |= self.body()
    self.json(self.house.groups[group])


@route("DELETE", "/api/groups/{}")
def ungrouped(self: Preview, group: str) -> None:
    del self.house.groups[group]
    self.send(b"", "text/plain", 204)


@route("PATCH", "/api/collections/{}")
def kept(self: Preview, shelf: str) -> None:
    self.house.collections[shelf] |= self.body()
    self.json(self.house.collections[shelf])

-- Sign-ins that were begun here and go on at an OpenID provider.

create table handshakes (
    state_hash text primary key,
    browser_hash text not null,
    following text not null,      -- a path of this house
    expires_at text not null
);

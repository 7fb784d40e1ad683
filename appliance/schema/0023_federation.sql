-- People whom another server vouches for: a directory (LDAP) or an OpenID provider.

alter table people add column origin text not null default 'local'
    check (origin in ('local', 'ldap', 'oidc'));

create table identities (
    origin text not null check (origin in ('ldap', 'oidc')),
    issuer text not null,         -- "" for the directory, of which there is one
    subject text not null,        -- by what the other server knows them, for ever
    person text not null unique references people(id) on delete cascade,
    seen_at text not null,        -- when the other server last vouched for them
    gone_at text,                 -- since when it does not: they may not sign in meanwhile
    primary key (origin, issuer, subject)
);

-- Memberships that came with a sign-in, and go with the next one that does not bring them.
create table given_memberships (
    person text not null references people(id) on delete cascade,
    group_id text not null references groups(id) on delete cascade,
    primary key (person, group_id)
);

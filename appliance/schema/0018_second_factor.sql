-- A second factor for whoever wants or needs one: TOTP, and codes for the day the phone is lost.

create table second_factors (
    person text primary key references people(id) on delete cascade,
    secret text not null,         -- sealed by the vault
    created_at text not null,
    confirmed_at text,            -- null: begun, and not yet asked for at the door
    last_step integer not null default 0  -- the last step whose code was taken: each is good once
);

create table recovery_codes (     -- 80 random bits each, told once; here as digests
    code_hash text primary key,
    person text not null references people(id) on delete cascade
);
create index recovery_codes_by_person on recovery_codes(person);

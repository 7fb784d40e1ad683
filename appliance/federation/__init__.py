"""People whom another server vouches for: a directory, an OpenID provider.

``joining`` makes a person of what another server says of somebody, ``directories`` asks the
company's directory. Three promises: a local person is never taken for one of another server,
whatever their names and addresses are; what somebody may do is what that server says at each
sign-in; and where it is away, only its own people are kept waiting.
"""

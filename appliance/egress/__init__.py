"""Zero egress, and how an administrator shows it: what this server may ask of others by its own
settings, what it did ask, and a signed report with a test of the appliance's main job.

``allowed`` derives what may be contacted from the settings that open the way, and judges by it
what was. The way itself is ``net`` and ``mail``, which count before they send (``outgoing``).
"""

"""The data subject's desk (LGPD art. 18): what the house holds about somebody, and its end.

``sought`` says who is meant, ``finding`` where they stand, ``dossier`` makes the statement
that is handed over, ``erasing`` removes the rows, ``erasures`` keeps the receipts, and
``tombstones`` the file by which an older copy of the data is erased again.
"""

from appliance.subjects.erasures import Erasure
from appliance.subjects.finding import Findings, find
from appliance.subjects.sought import Sought, sought

__all__ = ["Erasure", "Findings", "Sought", "find", "sought"]

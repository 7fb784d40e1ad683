"""How questions are built in English."""

import re

from appliance.answering.asking.words import Words, families, word_set

WORDS = Words(
    opener=re.compile(
        r"(?:(?:but |ok |and |so )*(?:what about|how about|what if it is|as for)"
        r"|and|but|or)(?: |$)"
    ),
    asks=re.compile(
        r"(?:(?:for|since|until|till|by|with|to|from|at|in|on|about) )?(?:how (?:long|much|many"
        r"|often|far|old|soon|late|early)|how come|how|what (?:time|day|date)|what for|what"
        r"|which ones?|which|when|where|who|whom|whose|why)(?= |$)"
    ),
    filler=word_set("""
        also then too either so ok well again instead exactly though please hi hello thanks thank
    """),
    more=word_set("""
        more details detail explain further example continue elaborate sure tell
    """),
    pronouns=dict.fromkeys(
        word_set("""
        it they them he him she theirs hers those these there
    """),
        "",
    ),
    demonstratives=dict.fromkeys(word_set("that this these those such"), ""),
    here=word_set("""
        year month week semester term quarter school college university company site website
        document handbook manual city moment time assistant institution hotel library building
    """),
    possessives=word_set("its their his her"),
    prepositions=families("""
        of:
        in: inside within
        on:
        at:
        to:
        for:
        by:
        with:
        without:
        from:
        about:
        during:
        after:
        before:
        between:
        until:
        under:
        over:
        per:
    """),
    articles=word_set("the a an any some"),
    contracted={},
    links=word_set("is are was were be"),
    verbs=word_set("""
        is are was were be been do does did has have had can could may might must should would will
        shall need needs get gets cost costs take takes last lasts start starts begin begins end
        ends finish finishes open opens close closes work works happen happens apply applies pay
        pays paid charge charged send sends submit submits deliver hand file ask asks sign signs
        decide decides approve approves authorise authorises authorize authorizes allow allowed
        permitted forbidden required mandatory possible free find go goes use uses bring brings buy
        buys pick receive receives return returns renew renews cancel cancels change changes expire
        expires become know see want count counts calculated said says say mean means give gives
        done make made handles covers cover contact reach enter enters stay park appeal request
        closed ready something anything
    """),
    attributes=word_set("""
        deadline deadlines time times hour hours date dates day days price prices cost value amount
        phone telephone number email e-mail address location place duration length validity expiry
        contact link website quantity frequency beginning reason maximum minimum name
    """),
    relations=word_set("""
        fee fees fine fines penalty penalties discount discounts interest document documents
        requirement requirements rule rules limit limits exception exceptions form forms age
        criteria procedure result results steps benefits conditions consequence consequences receipt
        appeal rate rates charge charges
    """),
    audiences=word_set("""
        student students freshman freshmen newcomer newcomers teacher teachers professor professors
        employee employees staff worker workers intern interns trainee trainees apprentice
        apprentices contractor contractors visitor visitors guest guests parent parents family
        families senior seniors child children kids adult adults minor minors sibling siblings
        applicant applicants client clients customer customers resident residents tenant tenants
        owner owners manager managers director directors researcher researchers women men foreigners
        member members non-members dependents spouse spouses patient patients doctor doctors nurse
        nurses supplier suppliers alumni undergraduate undergraduates postgraduate postgraduates
        graduates faculty
    """),
    dates=word_set("""
        january february march april may june july august september october november december monday
        mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday
        saturdays sunday sundays weekend weekends weekday weekdays holiday holidays semester
        semesters term terms quarter quarters year years month week summer winter autumn fall spring
        morning mornings afternoon afternoons evening evenings night nights today tomorrow yesterday
        christmas easter
    """),
    places=word_set("abroad country overseas campus headquarters branch town"),
    ordinals=word_set("""
        first second third fourth fifth sixth seventh eighth ninth tenth last next
    """),
)

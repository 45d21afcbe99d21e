"""The demo's data files agree with one another and keep cited and invented apart."""

import csv
import hashlib
import json
import re
from collections import Counter

import pytest

from tests.demo.files import DATA, by_key, rows, split

COLUMNS = {
    "organizations": "key,kind,name,kana,name_en,corporate_number,industry,capital_yen,employees,"
    "municipality,address,website,summary,summary_en,registered,state,illustrative,source",
    "contacts": "organization,name,kana,role,email,phone,purpose",
    "listings": "key,kind,organization,category,title,description,keywords,language,visibility,"
    "anonymous,published,valid_days,state,fields,illustrative,fits",
    "policy_codes": "code,parent,title,title_en,aliases,plan",
    "programs": "key,policy_code,title,title_en,summary,summary_en,operator,shape,state,started,"
    "ended,source",
    "enrolments": "key,program,organization,fiscal_year,project,result,partners,role,topic,amount_yen,"
    "date,illustrative,source,note",
    "cases": "key,need,seed,program,coordinator,opened,need_answer,need_answered,need_how,"
    "seed_answer,seed_answered,seed_how,introduced,talking,agreed,prototype,market,closed,"
    "close_reason,outcome_note,next_step,next_due,illustrative",
    "encounters": "key,kind,date,time,hours,organizations,case,program,coordinator,subject,result,"
    "next_step,next_due,illustrative,source",
    "dispatches_fy2016": "case,count,first,last,subjects",
    "outcomes": "case,rung,on,contract_kind,name,is_public,sales_band,number,application,link,detail",
    "check_ins": "case,side,months,asked,reminded,answered,how,state,comment,seen",
    "case_listings": "case,listing,role,on,answer,answered,how,summary,illustrative",
    "case_files": "key,case,kind,name,note,shared,on,text,illustrative",
    "decisions": "need,seed,decision,reason,words,until,date",
    "glossary": "ja,en,synonyms",
    "plan_periods": "key,title,title_en,first_year,last_year,source",
    "cross_tags": "plan,kind,number,title,title_en,source",
    "indicators": "key,code,position,label,label_en,unit,unit_en,period_type,rule,part_of,program,measure,f"
    "ilters,opening_balance,opening_year,counted_from,counts_parties,note,source,sentence,sentence_en",
    "targets": "indicator,period,value,approximate,source",
    "program_tags": "program,plan,kind,number,source",
    "remarks": "code,fiscal_year,kind,held_on,body,feedback,published,source",
    "readings": "indicator,period,value,approximate,note,source",
    "events": "key,program,kind,title,title_en,summary,summary_en,is_external,source",
    "editions": "key,event,title,title_en,starts,ends,days_known,period,venue,exhibitors,booths,joint,mee"
    "tings,figures,illustrative,note,source",
    "editions_now": "key,event,title,title_en,starts,ends,opens,closes,capacity,venue,is_online,state,"
    "exhibitors,booths,joint,registrations,people,meetings,figures,named,applied,reason,note",
    "places": "key,parent,program,kind,use,name,name_en,municipality,country,count,capacity,opened,illu"
    "strative,source",
    "tenancies": "key,place,units,first,last,ends",
    "place_details": "place,owner,area_m2,fee,monthly_yen,open_from,open_until,open_weekends,announced,"
    "description,description_en",
    "tenants": "key,place,number,organization,units,starts,ends,note,end_reason",
    "bookings": "key,place,organization,business_day,starts,ends,units,purpose,state,reason",
    "waitings": "key,place,organization,since,wish,state,reason",
    "members": "key,program,count,organizations,result,member_class,fiscal_year,started,topic,step,step_"
    "on,project,source,steps",
    "encounters_fy2016": "key,program,kind,count,organizations,firms,first,last,desk,supporters,subjects,source",
    "program_details": "key,subtitle,content,content_en,contact,audience,purpose,benefit_max_yen,"
    "rate_max_percent,loan_max_yen,interest_max_percent,how_to_apply,season,documents,is_online,areas,"
    "industries,stages,troubles,service_kinds,keywords,stage_names,confirmed",
    "conditions": "program,kind,limits,rule,rule_en",
    "calls": "key,program,title,title_en,opens,closes,state,budget_yen,places,note",
    "call_questions": "call,label,label_en,type,required,choices,max",
    "applications": "key,call,organization,partners,project,topic,state,result,requested_yen,"
    "amount_yen,applied,decided,started,ended,reason,answers,published,steps",
    "encounter_details": "encounter,channel,referred_by,supporters,topics,desk,expert,country,step",
    "routing_rules": "key,position,program,topic,kind,desk,handler,days",
    "enquiries": "key,kind,state,received,due,name,email,organization_name,organization,listing,topic,"
    "program,rule,handler,subject,text,answered,answer,closed,close_reason,became",
    "surveys": "key,title,words,closes",
    "survey_questions": "survey,label,label_en,type,required,choices,max",
    "survey_answers": "survey,organization,answered,name,answers",
    "accounts": "role,email,name,organization,programs",
}
DATES = {
    "organizations": ["registered"],
    "listings": ["published"],
    "programs": ["started", "ended"],
    "enrolments": ["date"],
    "cases": [
        "opened",
        "need_answered",
        "seed_answered",
        "introduced",
        "talking",
        "agreed",
        "prototype",
        "market",
        "closed",
        "next_due",
    ],
    "encounters": ["date", "next_due"],
    "dispatches_fy2016": ["first", "last"],
    "decisions": ["until", "date"],
}
FIELDS = {
    "patent": {"numbers", "status", "terms"},
    "material": {"substance", "quantity", "unit", "rhythm"},
    "land": {"area_m2", "place"},
    "facility": {"area_m2", "place"},
    "market": {"region"},
    "capital": {"amount_yen", "stage"},
    "labour": {"headcount"},
}
# First 12 hex digits of the SHA-256 of every person's name in the plan, without spaces, so that
# the names themselves need not stand in the repository.
NAMED_IN_THE_PLAN = {
    "29862298bd89",
    "6ef75639e139",
    "4902da57106e",
    "8d2e4460f6a9",
    "a57fa201ee1d",
    "2d9769c75a31",
    "8dd4d8dd7e5e",
    "27b445004e9a",
    "2692f53c68d3",
    "b5e8762d3bd0",
    "535b533d8534",
    "d711cae40830",
    "cbb1e4b2ce27",
    "b882aed56e2f",
    "dd8db49e174d",
    "6434465ea2b8",
    "d40dd9a2779b",
    "60d68b36b9ea",
    "e53fe1471edd",
    "0bcafaeee858",
    "4f19b2db376b",
    "f0b984646513",
    "d66aba172815",
    "372da5fbd7f4",
    "3deed8787cc4",
    "20792123c7d3",
    "50016bd1ad29",
    "3b6f008dc71f",
}


def cited_organizations():
    return {row["key"] for row in rows("organizations") if row["illustrative"] == "no"}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_file_is_plain_utf8_with_its_agreed_columns(name):
    raw = (DATA / f"{name}.csv").read_bytes()

    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw and raw.endswith(b"\n")
    assert raw.decode("utf-8").split("\n", 1)[0] == COLUMNS[name]
    assert all(None not in row and None not in row.values() for row in rows(name))


def test_every_file_of_the_folder_is_known():
    assert {path.stem for path in DATA.glob("*.csv")} == set(COLUMNS)


@pytest.mark.parametrize(
    "name",
    [name for name in COLUMNS if COLUMNS[name].startswith("key,") and name != "plan_periods"],
)
def test_keys_are_ascii_slugs_used_once(name):
    keys = [row["key"] for row in rows(name)]

    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


@pytest.mark.parametrize("name", DATES)
def test_dates_are_fixed_or_relative_to_the_day_of_loading(name):
    cells = [row[column] for row in rows(name) for column in DATES[name] if row[column]]

    assert cells
    assert all(re.fullmatch(r"[+-]\d{1,3}|20\d\d-[01]\d-[0-3]\d", cell) for cell in cells)


def test_every_reference_meets_its_row():
    organizations, listings = by_key("organizations"), by_key("listings")
    programs, cases = by_key("programs"), by_key("cases")
    codes = {row["code"] for row in rows("policy_codes")}
    links = [(row["organization"], organizations) for row in rows("contacts") + rows("listings")]
    links += [
        (row["organization"], organizations) for row in rows("accounts") if row["organization"]
    ]
    links += [(key, programs) for row in rows("accounts") for key in split(row["programs"])]
    links += [(row["policy_code"], codes) for row in rows("programs")]
    links += [(row["operator"], organizations) for row in rows("programs") if row["operator"]]
    links += [(row["parent"], codes) for row in rows("policy_codes") if row["parent"]]
    for row in rows("enrolments"):
        links += [(row["program"], programs), (row["organization"], organizations)]
        links += [(key, organizations) for key in split(row["partners"])]
    for row in rows("cases") + rows("decisions"):
        links += [(row["need"], listings), (row["seed"], listings)]
    for row in rows("encounters"):
        links += [(key, organizations) for key in split(row["organizations"])]
        links += [(row["case"], cases)] if row["case"] else []
    for row in rows("cases") + rows("encounters"):
        links += [(row["program"], programs)] if row["program"] else []
    links += [(row["case"], cases) for row in rows("dispatches_fy2016")]
    links += [(row["case"], cases) for row in rows("outcomes") + rows("check_ins")]
    links += [
        (key, listings) for row in rows("listings") for key in split(row["fits"]) if key != "none"
    ]

    assert [key for key, target in links if key not in target] == []


def test_the_policy_tree_is_whole():
    trees = {
        plan: [row["code"] for row in rows("policy_codes") if row["plan"] == plan]
        for plan in ("FY2016-2017", "FY2018-2021")
    }
    codes = trees["FY2016-2017"]

    assert trees["FY2018-2021"] == codes
    assert Counter(code.count("-") for code in codes) == {0: 7, 1: 13, 2: 36}
    assert all(row["parent"] == row["code"].rpartition("-")[0] for row in rows("policy_codes"))
    assert {row["code"] for row in rows("policy_codes") if row["aliases"]} == {"3-3", "4-2"}


def test_cited_rows_name_their_place_and_illustrative_rows_none():
    for row in rows("organizations") + rows("enrolments"):
        assert row["source"].startswith("第") == (row["illustrative"] == "no"), row["key"]
    assert all(row["source"].startswith(("第3章 ", "第4章 ")) for row in rows("programs"))
    assert all(row["illustrative"] == "yes" for row in rows("listings") + rows("cases"))
    assert all(row["illustrative"] == "yes" and not row["source"] for row in rows("encounters"))


def test_nothing_is_invented_about_a_cited_organization():
    cited = cited_organizations()
    used = {row["organization"] for row in rows("contacts") + rows("listings") + rows("accounts")}
    used |= {key for row in rows("encounters") for key in split(row["organizations"])}
    invented = ["corporate_number", "industry", "capital_yen", "employees", "address", "website"]

    assert not used & cited
    for row in rows("organizations"):
        if row["key"] in cited:
            assert not any(row[column] for column in invented), row["key"]
    for row in rows("enrolments"):
        parties = {row["organization"], *split(row["partners"])}
        assert parties <= cited if row["illustrative"] == "no" else not parties & cited, row["key"]


def test_the_collaborations_of_the_plan_are_all_there():
    cited = [row for row in rows("enrolments") if row["illustrative"] == "no"]
    awarded = Counter(row["program"] for row in cited if row["result"] == "awarded")
    team = {
        row["organization"]: row["role"] for row in cited if row["program"] == "ict-collaboration"
    }

    assert awarded == {
        "new-product-support": 3,
        "industry-academia": 2,
        "management-improvement": 4,
    }
    assert len(team) == 5 and len(set(team.values())) == 5
    assert sum(row["program"] == "venture-intensive" for row in cited) == 3
    assert sum(row["program"] == "urban-farming-forum" for row in cited) == 4


def test_the_demo_is_as_large_as_promised():
    kinds = Counter(row["kind"] for row in rows("listings"))
    listings = [row for row in rows("listings") if row["kind"] == "need"]

    assert len(rows("organizations")) - len(cited_organizations()) >= 55
    assert kinds["need"] >= 65 and kinds["seed"] >= 130 and len(rows("programs")) >= 45
    assert sum(row["fits"] not in ("", "none") for row in listings) >= 40
    assert sum(row["fits"] == "none" for row in listings) == 8
    assert len(rows("cases")) >= 24 + 3 and len(rows("encounters")) >= 120
    assert len(rows("glossary")) >= 25


def test_places_and_industries_are_in_the_code_lists():
    codes = {}
    for name in ("municipalities", "jsic14_groups"):
        with (DATA.parents[1] / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            codes[name] = {row["code"] for row in csv.DictReader(file)}

    assert {row["municipality"] for row in rows("organizations")} <= codes["municipalities"] | {""}
    assert {row["industry"] for row in rows("organizations")} <= codes["jsic14_groups"] | {""}


def test_corporate_numbers_are_invented_and_carry_a_true_check_digit():
    numbers = [row["corporate_number"] for row in rows("organizations") if row["corporate_number"]]

    assert numbers and len(numbers) == len(set(numbers))
    for number in numbers:
        digits = [int(digit) for digit in reversed(number[1:])]
        total = sum(digit * (1 + place % 2) for place, digit in enumerate(digits))
        assert re.fullmatch(r"[1-9]9999000001\d\d", number) and int(number[0]) == 9 - total % 9


def test_contacts_cannot_be_reached():
    for row in rows("contacts"):
        assert row["email"].endswith(".example") and re.fullmatch(r"000-\d{4}-\d{4}", row["phone"])
        assert row["purpose"]
    assert all(row["email"].endswith("@demo.example") for row in rows("accounts"))


def test_no_person_of_the_plan_is_named():
    people = {row["name"] for row in rows("contacts") + rows("accounts")}
    people |= {row["coordinator"] for row in rows("cases") + rows("encounters")}
    digests = {hashlib.sha256(name.replace(" ", "").encode()).hexdigest()[:12] for name in people}

    assert not digests & NAMED_IN_THE_PLAN


def test_listings_are_readable_and_carry_the_fields_of_their_category():
    for row in rows("listings"):
        assert 60 <= len(row["description"]) <= 250, row["key"]
        assert set(json.loads(row["fields"])) == FIELDS.get(row["category"], set()), row["key"]
        numbers = json.loads(row["fields"]).get("numbers", [])
        assert all("9999" in number for number in numbers), row["key"]
        if row["published"].startswith("-"):
            left = int(row["published"]) + int(row["valid_days"])
            assert row["state"] == "closed" or (left <= 0) == (row["state"] == "expired"), row[
                "key"
            ]


def test_a_need_is_never_fitted_by_its_own_organization():
    listings = by_key("listings")
    for need in rows("listings"):
        for key in split(need["fits"]):
            if key != "none":
                assert listings[key]["kind"] == "seed"
                assert listings[key]["organization"] != need["organization"], need["key"]


def test_there_is_an_account_for_every_role_and_the_members_are_rivals():
    accounts = {row["email"].partition("@")[0]: row for row in rows("accounts")}
    organizations = by_key("organizations")
    member, rival = (
        organizations[accounts[name]["organization"]] for name in ("member", "member2")
    )

    assert set(accounts) >= {
        "coordinator",
        "member",
        "member2",
        "university",
        "operator",
        "partner",
        "evaluator",
        "administrator",
    }
    assert accounts["coordinator"]["name"] == "佐伯 由香"
    assert member["key"] != rival["key"] and member["industry"] == rival["industry"]

"""The pages of all rooms: a new module of views is named here, once."""

from registry.accounts.absence_views import bp as absences
from registry.accounts.administration_views import bp as users
from registry.accounts.token_views import bp as tokens
from registry.accounts.views import bp as accounts
from registry.api.pages import bp as api_docs
from registry.attachments.views import bp as attachments
from registry.audit.views import bp as audit
from registry.cases.check_in_views import bp as check_ins
from registry.cases.encounter_views import bp as case_encounters
from registry.cases.enquiry_views import bp as case_enquiries
from registry.cases.further_views import bp as case_listings
from registry.cases.handover_views import bp as handover
from registry.cases.introduction_views import bp as introductions
from registry.cases.outcome_views import bp as case_outcomes
from registry.cases.progress_views import bp as case_progress
from registry.cases.step_views import bp as case_steps
from registry.cases.views import bp as cases
from registry.cases.words_views import bp as case_words
from registry.digests.newsletter_views import bp as newsletters
from registry.digests.views import bp as mails
from registry.digests.views import leaving
from registry.encounters.desk_views import bp as desks
from registry.encounters.views import bp as encounters
from registry.events.exhibit_views import bp as exhibits
from registry.events.figure_views import bp as event_figures
from registry.events.meeting_views import bp as meetings
from registry.events.registration_views import bp as registrations
from registry.events.views import bp as events
from registry.events.writing_views import bp as event_writing
from registry.exchange.export_views import bp as exports
from registry.exchange.views import bp as exchange
from registry.intake.asking_views import bp as asking
from registry.intake.creator_views import bp as creators
from registry.intake.rule_views import bp as intake_rules
from registry.intake.survey_views import bp as surveys
from registry.intake.views import bp as intake
from registry.listings.review_views import bp as listing_review
from registry.listings.views import bp as listings
from registry.listings.writing_views import bp as listing_writing
from registry.notifications.views import bp as notifications
from registry.office.views import bp as office
from registry.organizations.identity_views import bp as organization_identity
from registry.organizations.joining_views import bp as joining
from registry.organizations.office_views import bp as joining_office
from registry.organizations.people_views import bp as organization_people
from registry.organizations.review_views import bp as organization_review
from registry.organizations.views import bp as organizations
from registry.places.booking_views import bp as bookings
from registry.places.tenancy_views import bp as tenancies
from registry.places.views import bp as places
from registry.places.waiting_views import bp as waitings
from registry.places.writing_views import bp as place_writing
from registry.planning.indicator_views import bp as indicators
from registry.planning.reading_views import bp as readings
from registry.planning.remark_views import bp as remarks
from registry.planning.views import bp as policy
from registry.portal.desk_views import bp as portal
from registry.programs.application_views import bp as applications
from registry.programs.call_views import bp as calls
from registry.programs.condition_views import bp as conditions
from registry.programs.decision_views import bp as decisions
from registry.programs.enrolment_views import bp as enrolments
from registry.programs.program_views import bp as program_writing
from registry.programs.standing_views import bp as standing
from registry.programs.views import bp as programs
from registry.reports.closing_views import bp as closing
from registry.reports.views import bp as reports
from registry.reports.yearly_views import bp as yearly
from registry.suggestions.direction_views import bp as directions
from registry.suggestions.glossary_views import bp as glossary
from registry.suggestions.views import bp as suggestions
from registry.suggestions.weights_views import bp as weights
from registry.suggestions.words_views import bp as words

BLUEPRINTS = (
    absences,
    accounts,
    api_docs,
    applications,
    asking,
    attachments,
    audit,
    calls,
    case_encounters,
    case_enquiries,
    case_listings,
    case_outcomes,
    case_progress,
    case_steps,
    case_words,
    cases,
    check_ins,
    closing,
    conditions,
    decisions,
    creators,
    desks,
    directions,
    encounters,
    enrolments,
    event_figures,
    event_writing,
    events,
    exchange,
    exhibits,
    exports,
    glossary,
    handover,
    indicators,
    intake,
    intake_rules,
    introductions,
    joining,
    joining_office,
    listing_review,
    listing_writing,
    leaving,
    listings,
    mails,
    meetings,
    newsletters,
    notifications,
    office,
    organization_identity,
    organization_people,
    organization_review,
    organizations,
    policy,
    bookings,
    place_writing,
    places,
    tenancies,
    waitings,
    portal,
    program_writing,
    programs,
    readings,
    remarks,
    registrations,
    reports,
    standing,
    suggestions,
    surveys,
    tokens,
    users,
    weights,
    words,
    yearly,
)

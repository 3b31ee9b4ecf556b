"""Addresses of the citizen portal. No address holds anything personal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from onecard.web.portal import (
    applications,
    cards,
    correction,
    e_card,
    explain,
    guide,
    history,
    lifeline,
    looks,
    messages,
    parcel,
    photo,
    planner,
    real_name,
    start,
)
from onecard.web.portal.apply import check, known, questions
from onecard.web.portal.apply.journey import FIRST, LOST_CARD
from onecard.web.portal.loss import board, report, withdraw

FOR_FIRST, FOR_LOST = {"journey": FIRST}, {"journey": LOST_CARD}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("me", start.me, name="me"),
    path("help", start.help_page, name="help"),
    path("lost", report.lost, name="lost"),
    path("lost/report", report.report, name="report-loss"),
    path("accessibility", start.accessibility, name="accessibility"),
    path("privacy", start.privacy, name="privacy"),
    path("check", guide.check, name="check"),
    path("photo", photo.doctor, name="photo"),
    path("real-name", real_name.explain, name="real-name"),
    path("real-name/begin", real_name.begin, name="real-name-begin"),
    path("real-name/callback", real_name.come_back, name="real-name-callback"),
    path("simulated/real-name/authorize", real_name.simulated, name="simulated-real-name"),
    path("sign-out", real_name.sign_out, name="sign-out"),
    path("apply", guide.choose, name="apply"),
    path("apply/held/<slug:held>", guide.holder, name="apply-holder"),
    path("apply/known", known.known, FOR_FIRST, name="apply-known"),
    path("apply/again", known.start_over, FOR_FIRST, name="apply-again"),
    path("apply/check", check.check, FOR_FIRST, name="apply-check"),
    path("apply/code", check.code, name="apply-code"),
    path("apply/code/make", check.make_code, name="apply-code-make"),
    path("apply/<slug:name>", questions.ask, FOR_FIRST, name="apply-question"),
    path("replace/known", known.known, FOR_LOST, name="replace-known"),
    path("replace/again", known.start_over, FOR_LOST, name="replace-again"),
    path("replace/check", check.check, FOR_LOST, name="replace-check"),
    path("replace/<slug:name>", questions.ask, FOR_LOST, name="replace-question"),
    path("applications", applications.list_all, name="applications"),
    path("applications/<slug:number>", applications.follow, name="application"),
    path("applications/<slug:number>/receipt", applications.receipt, name="receipt"),
    path("applications/<slug:number>/retract", applications.retract, name="retract"),
    path("applications/<slug:number>/correct", correction.correct, name="correct"),
    path("applications/<slug:number>/parcel", parcel.decide, name="parcel"),
    path("cards", cards.show, name="cards"),
    path("cards/<slug:card>/loss", board.board, name="loss"),
    path("cards/<slug:card>/loss/state", board.state, name="loss-state"),
    path("cards/<slug:card>/loss/withdraw", withdraw.withdraw, name="withdraw-loss"),
    path("cards/<slug:card>/loss/withdraw/code", withdraw.code, name="withdraw-loss-code"),
    path("cards/<slug:card>/enable", cards.enable, name="enable"),
    path("timeline", lifeline.show, name="timeline"),
    path("looks", looks.show, name="looks"),
    path("looks/<int:line>", looks.object_to, name="object"),
    path("e-card", e_card.show, name="e-card"),
    path("e-card/consent", e_card.consent, name="e-card-consent"),
    path("pin", explain.pin, name="pin"),
    path("exchange", explain.exchange, name="exchange"),
    path("plan", planner.choose, name="plan"),
    path("plan/<slug:wish>", planner.plan, name="plan-wish"),
    path("messages", messages.show, name="messages"),
    path("messages/<slug:notification>/read", messages.read, name="message-read"),
    path("history", history.show, name="history"),
]

"""Addresses of the counter. Nothing personal is ever part of one."""

from __future__ import annotations

from django.urls import path

from onecard.web.counter import (
    application,
    cards,
    employers,
    endings,
    find,
    losses,
    parcels,
    person,
    pins,
    slips,
    stock,
)
from onecard.web.counter.case import going_on
from onecard.web.counter.case import views as case

app_name = "counter"
urlpatterns = [
    path("", find.start, name="start"),
    path("find", find.find, name="find"),
    path("stranger", find.stranger, name="stranger"),
    path("portrait/<str:token>", person.portrait, name="portrait"),
    path("person/<str:ref>", person.person, name="person"),
    path("person/<str:ref>/unmask", person.unmask, name="unmask"),
    path("person/<str:ref>/begin", case.begin, name="begin"),
    path("person/<str:ref>/go-on", going_on.go_on, name="go_on"),
    path("person/<str:ref>/case", case.papers, name="case"),
    path("person/<str:ref>/case/photo", case.photo, name="case_photo"),
    path("person/<str:ref>/case/check", case.check, name="case_check"),
    path("person/<str:person>/card/<str:card>", cards.hand_over, name="hand_over"),
    path("person/<str:person>/card/<str:card>/loss", losses.report, name="report_loss"),
    path("person/<str:person>/card/<str:card>/withdraw", losses.withdraw, name="withdraw"),
    path("person/<str:person>/card/<str:card>/board", losses.board, name="board"),
    path("person/<str:person>/card/<str:card>/slip", losses.print_slip, name="loss_slip"),
    path("person/<str:person>/card/<str:card>/pin", pins.pin, name="pin"),
    path("person/<str:person>/card/<str:card>/cancel", endings.cancel, name="cancel"),
    path("person/<str:person>/refund-first", slips.refund_first, name="refund_first"),
    path("person/<str:person>/transfer", endings.transfer, name="transfer"),
    path("application/<str:ref>", application.application, name="application"),
    path("application/<str:ref>/slip", application.print_slip, name="slip"),
    path("application/<str:ref>/issue", application.issue, name="issue"),
    path("application/<str:ref>/retract", application.retract, name="retract"),
    path("application/<str:ref>/correct", application.correct, name="correct"),
    path("application/<str:ref>/review", application.review, name="review"),
    path("application/<str:ref>/parcel", parcels.decide, name="parcel"),
    path("employers", employers.find, name="employers"),
    path("employer/<str:ref>", employers.employer, name="employer"),
    path("stock", stock.drawer, name="stock"),
    path("stock/made", stock.arrive, name="made"),
    path("stock/count", stock.count, name="count"),
    path("stock/spoiled/<str:serial>", stock.decide, name="decide"),
    path("stock/<str:what>", stock.move, name="move"),
]

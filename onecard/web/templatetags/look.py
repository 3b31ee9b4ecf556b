"""The parts pages are made of: `{% icon "phone" %}`, `{% field form.phone %}`, `{% tag ... %}`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template import Context, Library
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from onecard.web.forms import OneDay, anchor_of
from onecard.web.templatetags._icons import ICONS

register = Library()

SAME = {"good": "ok"}
"""What queries call a tone, where the look has another name for it."""

SHAPES = {"ok": "check", "wait": "clock", "warn": "alert", "stop": "cross", "off": "dash"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing that says nothing by itself: the word beside it does."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308  our own drawings, no outside text
    )


@register.simple_tag
def tag(kind: str, text: str) -> SafeString:
    """A state as word, shape and colour. `kind` is `ok` (or `good`), `wait warn stop off`."""
    kind = SAME.get(kind, kind)
    shape = icon(SHAPES[kind])
    return format_html(
        '<strong class="tag tag--{}">{}{}</strong>', kind, shape, text[:1].upper() + text[1:]
    )


@register.inclusion_tag("components/field.html", takes_context=True)
def field(context: Context, bound: forms.BoundField, heading: str = "") -> dict[str, Any]:
    """A whole question: label, hint, error, control. `heading="h1"` makes the label the h1."""
    widget = bound.field.widget
    described = [f"{bound.html_name}-hint"] if bound.help_text else []
    described += [f"{bound.html_name}-error"] if bound.errors else []
    attributes: dict[str, str | bool] = {}
    attributes |= {"aria-describedby": " ".join(described)} if described else {}
    attributes |= {"aria-invalid": "true"} if bound.errors else {}
    shape = _shape(widget)
    grouped = shape in {"choices", "day"}
    if not grouped and shape != "agree":
        attributes["class"] = f"control control--{shape}"
    return {
        "reader": context["reader"],
        "bound": bound,
        "shape": shape,
        "grouped": grouped,
        "heading": heading,
        "described": " ".join(described),
        "anchor": anchor_of(bound),
        "control": bound.as_widget(attrs={} if grouped else attributes),
        "optional": not bound.field.required and not _depends(bound),
    }


def _depends(bound: forms.BoundField) -> bool:
    return bound.name in getattr(bound.form, "depends", ())


def _shape(widget: forms.Widget) -> str:
    if isinstance(widget, OneDay):
        return "day"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "agree"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "long" if isinstance(widget, forms.Textarea) else "text"

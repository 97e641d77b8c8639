"""What a monitor wants to know."""

from datetime import UTC, datetime

from server.answer import Answer, Site, report


def health(site: Site) -> Answer:
    """Which release is served, how many seconds old it is, how many packages it lists.

    200 whenever pages are served, or whoever looks at the status alone would take a site that works
    out of service. `status` is "ok", or "degraded" when the current release cannot be read and an
    older one is served: then `current` names it and `reason` is a sentence that says why.
    """
    snapshot, instead_of = site.snapshot, site.instead_of
    made = snapshot.made
    facts: dict[str, object] = {
        "status": "degraded" if instead_of else "ok",
        "release": snapshot.release,
        "age_seconds": None if made is None else int((datetime.now(UTC) - made).total_seconds()),
        "packages": sum(snapshot.listed.values()),
    }
    if instead_of:
        facts |= {"current": instead_of.release or None, "reason": instead_of.reason}
    return report(200, facts)

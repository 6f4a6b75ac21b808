"""Mails that claim to have been authenticated: each a name and the header block above a forged Copytrack letter.

The user trusts mx.client.example. `IN` is what that server itself wrote when it took the mail from the forger.
"""

from __future__ import annotations

IN = (
    "Received: from evil.example (evil.example [203.0.113.66])\n"
    "\tby mx.client.example (Postfix) with ESMTPS id 7A1F2C\n"
    "\tfor <atelier@client.example>; Wed, 12 Mar 2025 10:15:09 +0100\n"
)
FROM = "From: Copytrack <case@copytrack.com>\n"
OURS = "Authentication-Results: mx.client.example; "
PASS = "dmarc=pass header.from=copytrack.com"
FAKE = OURS + PASS + "\n"  # what the forger would like to be believed
FAIL = OURS + "dmarc=fail (p=reject) header.from=copytrack.com\n"
THEIRS = "Received: from mail.copytrack.com (mail.copytrack.com [192.0.2.25])\n\tby mx.client.example (Postfix) with ESMTPS id 9; Wed, 12 Mar 2025 10:10:00 +0100\n"


def said(results: str) -> str:
    """Where the server itself wrote the field, and put these results into it."""
    return OURS + results + "\n" + IN + FROM


FORGERIES: dict[str, str] = {
    # written by the sender, below the border
    "below a foreign server": IN + "Received: from a by relay.evil.example; Wed, 12 Mar 2025 10:00:00 +0100\n" + FAKE + FROM,
    "below another foreign server": "Received: from evil.example (evil.example [203.0.113.66]) by mx.other.example with ESMTP; Wed, 12 Mar 2025 10:15:09 +0100\n" + FAKE + FROM,
    "below a Received forged as ours": IN + THEIRS + FAKE + FROM,
    "below two Received forged as ours": IN + THEIRS + THEIRS + FAKE + FROM,
    "above a Received forged as ours, below a foreign one": IN + "Received: from x by y.evil.example; Wed, 12 Mar 2025 10:00:00 +0100\n" + FAKE + THEIRS + FROM,
    "below the server's own failure": FAIL + IN + FAKE + FROM,
    "right below the server's own failure": FAIL + FAKE + IN + FROM,
    "below the server's own that says nothing of it": OURS + "spf=pass smtp.mailfrom=evil.example\n" + IN + FAKE + FROM,
    "below the server's own none": OURS + "none\n" + IN + FAKE + FROM,
    "below the server's own temperror": OURS + "dmarc=temperror header.from=copytrack.com\n" + IN + FAKE + FROM,
    "helo that names our server": IN.replace("from evil.example (", "from mx.client.example (") + THEIRS + FAKE + FROM,
    "helo that is an inside address": IN.replace("from evil.example (", "from [10.0.0.1] (") + THEIRS + FAKE + FROM,
    "helo localhost": IN.replace("from evil.example (", "from localhost (") + THEIRS + FAKE + FROM,
    "a comment that names our server": "Received: from evil.example (by mx.client.example) by mx.evil.example with ESMTP; Wed, 12 Mar 2025 10:15:09 +0100\n" + FAKE + FROM,
    "a server whose name begins as ours": "Received: from evil.example by mx.client.example.evil.example with ESMTP; Wed, 12 Mar 2025 10:15:09 +0100\n" + FAKE + FROM,
    "a server whose name ends as ours": "Received: from evil.example by evilmx-client.example with ESMTP; Wed, 12 Mar 2025 10:15:09 +0100\n" + FAKE + FROM,
    "Received without a by": "Received: from evil.example; Wed, 12 Mar 2025 10:15:09 +0100\n" + IN + THEIRS + FAKE + FROM,
    # another authserv-id
    "another id": "Authentication-Results: mx.evil.example; " + PASS + "\n" + IN + FROM,
    "an id that begins as ours": "Authentication-Results: mx.client.example.evil.example; " + PASS + "\n" + IN + FROM,
    "an id that ends as ours": "Authentication-Results: evil.mx.client.example; " + PASS + "\n" + IN + FROM,
    "our id in a comment": "Authentication-Results: (mx.client.example;) evil.example; " + PASS + "\n" + IN + FROM,
    "our id in a comment behind": "Authentication-Results: evil.example (mx.client.example); " + PASS + "\n" + IN + FROM,
    "our id as a result's value": "Authentication-Results: evil.example; x-id=mx.client.example; " + PASS + "\n" + IN + FROM,
    "our id in capitals elsewhere": "Authentication-Results: EVIL.EXAMPLE MX.CLIENT.EXAMPLE; " + PASS + "\n" + IN + FROM,
    "our id with a letter of another alphabet": "Authentication-Results: mх.client.example; " + PASS + "\n" + IN + FROM,
    "no id, as Microsoft writes": "Authentication-Results: " + PASS + "\n" + IN + FROM,
    "an empty id": "Authentication-Results: ; " + PASS + "\n" + IN + FROM,
    "an id of stars": "Authentication-Results: *; " + PASS + "\n" + IN + FROM,
    "our id of a later version": "Authentication-Results: mx.client.example 2; " + PASS + "\n" + IN + FROM,
    "another field's name": "X-Authentication-Results: mx.client.example; " + PASS + "\n" + IN + FROM,
    "the original's field": "Original-Authentication-Results: mx.client.example; " + PASS + "\n" + IN + FROM,
    "an ARC field without a sealer": "ARC-Authentication-Results: i=1; mx.client.example; " + PASS + "\n" + IN + FROM,
    "a field folded into another": "X-Note: a\n\tAuthentication-Results: mx.client.example; " + PASS + "\n" + IN + FROM,
    "an old SPF field": "Received-SPF: pass (mx.client.example: domain of case@copytrack.com)\n" + IN + FROM,
    # the server's own, made to say what it did not
    "spf alone": said("spf=pass smtp.mailfrom=bounce@copytrack.com"),
    "dkim of the forger": said("dkim=pass header.d=evil.example"),
    "dkim of a host that begins as the issuer": said("dkim=pass header.d=copytrack.com.evil.example"),
    "dkim of a host that ends as the issuer": said("dkim=pass header.d=evilcopytrack.com"),
    "dkim of a top-level domain": said("dkim=pass header.d=com"),
    "dkim with the issuer as local part": said("dkim=pass header.i=copytrack.com@evil.example"),
    "dkim with two domains": said("dkim=pass header.d=evil.example header.d=copytrack.com"),
    "dkim failed": said("dkim=fail header.d=copytrack.com"),
    "dkim none": said("dkim=none header.d=copytrack.com"),
    "dkim policy": said("dkim=policy header.d=copytrack.com"),
    "dkim passes, dmarc fails": said("dkim=pass header.d=copytrack.com; dmarc=fail header.from=copytrack.com"),
    "dmarc of another domain": said("dmarc=pass header.from=evil.example"),
    "dmarc without a domain": said("dmarc=pass"),
    "dmarc with an empty domain": said('dmarc=pass header.from=""'),
    "dmarc of a sub-string": said("dmarc=pass header.from=copytrack.com.evil.example"),
    "dmarc of the envelope": said("dmarc=pass smtp.from=copytrack.com"),
    "dmarc of two domains": said("dmarc=pass header.from=evil.example header.from=copytrack.com"),
    "dmarc twice, pass and fail": said("dmarc=pass header.from=copytrack.com; dmarc=fail header.from=copytrack.com"),
    "dmarc twice, of two domains": said("dmarc=pass header.from=copytrack.com; dmarc=pass header.from=evil.example"),
    "dmarc other, dkim of the issuer": said("dmarc=pass header.from=evil.example; dkim=pass header.d=copytrack.com"),
    "dmarc passes in a comment": said("dmarc=none (dmarc=pass header.from=copytrack.com) header.from=copytrack.com"),
    "dmarc passes in a reason": said('dmarc=none reason="dmarc=pass header.from=copytrack.com"'),
    "dmarc passes in a quoted local part": said('spf=pass smtp.mailfrom="x; dmarc=pass header.from=copytrack.com"@evil.example'),
    "dmarc passes out of an unquoted local part": said("spf=pass smtp.mailfrom=x; dmarc=pass header.from=copytrack.com @evil.example; dmarc=fail header.from=copytrack.com"),
    "a method that sounds alike": said("dmarcx=pass header.from=copytrack.com"),
    "a result that sounds alike": said("dmarc=passed header.from=copytrack.com"),
    "bimi": said("bimi=pass header.d=copytrack.com"),
    "auth": said("auth=pass smtp.auth=case@copytrack.com"),
    "iprev": said("iprev=pass policy.iprev=203.0.113.66 (copytrack.com)"),
    "arc without sealers configured": said("arc=pass (i=1 dmarc=pass fromdomain=copytrack.com)"),
    "unparsable, a good one below": OURS + "dmarc=fail header.from=(((\n" + FAKE + IN + FROM,
    "too long, a good one below": OURS + "dmarc=fail header.from=copytrack.com (" + "x" * 9000 + ")\n" + FAKE + IN + FROM,
    # proved is somebody else than the one who is shown
    "two From fields, the forger's first": FAKE + IN + "From: x@evil.example\n" + FROM,
    "two From fields, the forger's last": FAKE + IN + FROM + "From: x@evil.example\n",
    "two From fields of one domain": FAKE + IN + FROM + "From: x@copytrack.com\n",
    "two addresses in one From": FAKE + IN + "From: case@copytrack.com, x@evil.example\n",
    "two addresses without a comma": FAKE + IN + "From: <case@copytrack.com> <x@evil.example>\n",
    "the issuer in the name": OURS + "dmarc=pass header.from=evil.example\n" + IN + 'From: "Copytrack <case@copytrack.com>" <x@evil.example>\n',
    "the issuer in an encoded name": OURS + "dmarc=pass header.from=evil.example\n" + IN + "From: =?utf-8?q?case=40copytrack=2Ecom?= <x@evil.example>\n",
    "the issuer in a group": FAKE + IN + "From: Copytrack: case@copytrack.com, x@evil.example;\n",
    "a NUL in the address": FAKE + IN + "From: case@copytrack.com\0@evil.example\n",
    "the issuer's domain in the local part": OURS + "dmarc=pass header.from=evil.example\n" + IN + 'From: "case@copytrack.com"@evil.example\n',
    "From with a blank before its colon": FAKE + IN + "From : case@copytrack.com\n",
    "a look-alike with its own proof": OURS + "dmarc=pass header.from=copytrak.com\n" + IN + "From: case@copytrak.com\n",
    "a homograph with its own proof": OURS + "dmarc=pass header.from=xn--opytrack-ech.com\n" + IN + "From: case@xn--opytrack-ech.com\n",
    "no From at all": FAKE + IN,
    # a genuine proof, another letter
    "a body smuggled behind a bare return": FAKE + IN + FROM + "X-Note: a\r\rPay to another account.\r\r\n",
    "a second Subject on top": FAKE + IN + "Subject: Pay at once\nSubject: Your case\n" + FROM,
    "a second Content-Type": FAKE + IN + FROM + "Content-Type: text/html\nContent-Type: text/plain\n",
    "a line that is no field": FAKE + IN + FROM + "this ends the header for some\n",
    "a signature of a part of the body": OURS + "dkim=pass header.d=copytrack.com\n" + IN + "DKIM-Signature: v=1; a=rsa-sha256; d=copytrack.com; s=s1; l=20; h=from:subject; bh=AAAA; b=AAAA\n" + FROM,
    "DMARC by a signature of a part of the body": OURS + "spf=fail smtp.mailfrom=evil.example; dkim=pass header.d=copytrack.com; " + PASS + "\n" + IN + "DKIM-Signature: v=1; a=rsa-sha256; d=copytrack.com; s=s1; l=0; h=from:subject; bh=AAAA; b=AAAA\n" + FROM,
}  # fmt: skip

"""Header blocks as the receivers of well-known providers write them above a mail, and the setting that goes with each.

Made from the shape of headers only: hosts and addresses of machines are of the providers' own patterns, numbers invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inboxbot.records import Receiver

STRANGER = "192.0.2.25"  # the machine that handed the mail in


@dataclass(frozen=True)
class Sent:
    """What a receiver found out about a mail: the signing domain, the envelope's, and DMARC of the From domain."""

    domain: str
    signer: str | None = None
    envelope: str | None = None
    dmarc: str = "pass"
    dkim: str = "pass"
    spf: str = "pass"

    @property
    def d(self) -> str:
        return self.signer or self.domain

    @property
    def mailfrom(self) -> str:
        return self.envelope or self.domain

    @property
    def host(self) -> str:
        return f"out1.{self.mailfrom}"


def gmail(sent: Sent) -> str:
    verdicts = (
        f"dkim={sent.dkim} header.i=@{sent.d} header.s=s1 header.b=Zk3QmX1a;\n"
        f"       spf={sent.spf} (google.com: domain of bounce@{sent.mailfrom} designates {STRANGER} as permitted sender)"
        f" smtp.mailfrom=bounce@{sent.mailfrom};\n"
        f"       dmarc={sent.dmarc} (p=QUARANTINE sp=QUARANTINE dis=NONE) header.from={sent.domain}"
    )
    return (
        "Delivered-To: atelier@client.example\n"
        "Received: by 2002:a05:6402:1d4a:b0:5de:c2b8:1a2b with SMTP id dz10csp1234567edb;\n"
        "        Wed, 12 Mar 2025 02:15:09 -0700 (PDT)\n"
        "X-Received: by 2002:a17:906:dc8e:b0:ac2:9c7d:1 with SMTP id a640c23a62f3a-ac2b9db5f3bmr;\n"
        "ARC-Seal: i=1; a=rsa-sha256; t=1741770909; cv=none; d=google.com; s=arc-20240605; b=AAAA\n"
        "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=google.com; s=arc-20240605;\n"
        "        h=from:subject:date; bh=AAAA; b=AAAA\n"
        f"ARC-Authentication-Results: i=1; mx.google.com;\n       {verdicts}\n"
        f"Return-Path: <bounce@{sent.mailfrom}>\n"
        f"Received: from {sent.host} ({sent.host}. [{STRANGER}])\n"
        "        by mx.google.com with ESMTPS id a640c23a62f3a-ac2b9dc1d1esi for <atelier@client.example>\n"
        "        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n"
        "        Wed, 12 Mar 2025 02:15:08 -0700 (PDT)\n"
        f"Received-SPF: {sent.spf} (google.com: domain of bounce@{sent.mailfrom} designates {STRANGER} as permitted sender)\n"
        f"Authentication-Results: mx.google.com;\n       {verdicts}\n"
    )


def outlook(sent: Sent) -> str:
    return (
        "Received: from AS8PR04MB8213.eurprd04.prod.outlook.com (2603:10a6:20b:3f2::5) by\n"
        " DB9PR04MB9556.eurprd04.prod.outlook.com with HTTPS; Wed, 12 Mar 2025 09:15:10 +0000\n"
        "Received: from DU2PR04CA0113.eurprd04.prod.outlook.com (2603:10a6:10:230::28) by\n"
        " AS8PR04MB8213.eurprd04.prod.outlook.com (2603:10a6:20b:3f2::5) with Microsoft SMTP Server (version=TLS1_2,\n"
        " cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.8511.27; Wed, 12 Mar 2025 09:15:09 +0000\n"
        "Received: from DB5EUR02FT012.eop-EUR02.prod.protection.outlook.com (2603:10a6:10:230:cafe::7a) by\n"
        " DU2PR04CA0113.outlook.office365.com (2603:10a6:10:230::28) with Microsoft SMTP Server id 15.20.8511.28 via Frontend\n"
        " Transport; Wed, 12 Mar 2025 09:15:09 +0000\n"
        f"Authentication-Results: spf={sent.spf} (sender IP is {STRANGER})\n"
        f" smtp.mailfrom={sent.mailfrom}; dkim={sent.dkim} (signature was verified)\n"
        f" header.d={sent.d};dmarc={sent.dmarc} action=none header.from={sent.domain};compauth=pass reason=100\n"
        f"Received-SPF: Pass (protection.outlook.com: domain of {sent.mailfrom} designates {STRANGER} as permitted sender)\n"
        f"Received: from {sent.host} ({STRANGER}) by\n"
        " DB5EUR02FT012.mail.protection.outlook.com (10.13.58.205) with Microsoft SMTP Server (version=TLS1_3,\n"
        " cipher=TLS_AES_256_GCM_SHA384) id 15.20.8511.22 via Frontend Transport; Wed, 12 Mar 2025 09:15:08 +0000\n"
    )


def ovh(sent: Sent) -> str:
    return (
        f"Return-Path: <bounce@{sent.mailfrom}>\n"
        "Delivered-To: atelier@client.example\n"
        "Received: from localhost (HELO queue) (127.0.0.1)\n"
        "\tby localhost with SMTP; 12 Mar 2025 10:15:10 +0200\n"
        "Received: from unknown (HELO output25.mail.ovh.net) (10.110.103.111)\n"
        "  by 192.168.10.36 with AES256-GCM-SHA384 encrypted SMTP; 12 Mar 2025 10:15:10 +0200\n"
        "Received: from vr45.mail.ovh.net (unknown [10.101.8.45])\n"
        "\tby out25.mail.ovh.net (Postfix) with ESMTP id 4ZCRJp1x\n"
        "\tfor <atelier@client.example>; Wed, 12 Mar 2025 09:15:09 +0000 (UTC)\n"
        "Received: from in27.mail.ovh.net (unknown [10.101.4.27])\n"
        "\tby vr45.mail.ovh.net (Postfix) with ESMTP id 4ZCRJo1b\n"
        f"Received-SPF: {sent.spf} (mailfrom) identity=mailfrom; client-ip={STRANGER}; helo={sent.host};\n"
        "Authentication-Results:\n"
        f'\tin27.mail.ovh.net; dkim={sent.dkim} (2048-bit key; unprotected) header.d={sent.d} header.i=@{sent.d} header.b="Xb1/+a";\n'
        "\tdkim-atps=neutral\n"
        f"Received: from {sent.host} ({sent.host} [{STRANGER}])\n"
        "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"
        "\tby in27.mail.ovh.net (Postfix) with ESMTPS id 4ZCRJn5C\n"
        "\tfor <atelier@client.example>; Wed, 12 Mar 2025 09:15:08 +0000 (UTC)\n"
    )


def infomaniak(sent: Sent) -> str:
    return (
        f"Return-Path: <bounce@{sent.mailfrom}>\n"
        "Delivered-To: atelier@client.example\n"
        "Received: from mda-12.infomaniak.ch ([10.4.12.7])\n"
        "\tby mail-store-3.infomaniak.ch with LMTP id qMbLJ1xN0We; Wed, 12 Mar 2025 10:15:10 +0100\n"
        "Authentication-Results: mxin.infomaniak.ch;\n"
        f"\tdkim={sent.dkim} (2048-bit key, unprotected) header.d={sent.d} header.i=@{sent.d} header.a=rsa-sha256 header.s=s1;\n"
        f"\tdmarc={sent.dmarc} (policy=quarantine) header.from={sent.domain};\n"
        f"\tspf={sent.spf} smtp.mailfrom=bounce@{sent.mailfrom}\n"
        f"Received: from {sent.host} ({sent.host} [{STRANGER}])\n"
        "\tby mxin.infomaniak.ch (Postfix) with ESMTPS id 4ZCRJn5Czz\n"
        "\tfor <atelier@client.example>; Wed, 12 Mar 2025 10:15:09 +0100 (CET)\n"
    )


def free(sent: Sent) -> str:
    return (
        f"Return-Path: <bounce@{sent.mailfrom}>\n"
        "Delivered-To: atelier.durand@client.example\n"
        "Received: from zimbra63-e12.priv.proxad.net (LHLO zimbra63-e12.priv.proxad.net) (172.20.243.213)\n"
        " by zimbra63-e12.priv.proxad.net with LMTP; Wed, 12 Mar 2025 10:15:10 +0100 (CET)\n"
        "Received: from mx24-g26.priv.proxad.net (mx24-g26.priv.proxad.net [172.20.243.94])\n"
        " by zimbra63-e12.priv.proxad.net (Postfix) with ESMTP id 1F4C9A0C5; Wed, 12 Mar 2025 10:15:09 +0100 (CET)\n"
        f"Authentication-Results: mx24-g26.priv.proxad.net; spf={sent.spf} smtp.mailfrom=<bounce@{sent.mailfrom}>;"
        f" dkim={sent.dkim} header.d={sent.d}; dmarc={sent.dmarc} header.from={sent.domain}\n"
        f"Received: from {sent.host} ([{STRANGER}])\n"
        " by mx24-g26.priv.proxad.net (MXproxy) for atelier.durand@client.example;\n"
        " Wed, 12 Mar 2025 10:15:08 +0100 (CET)\n"
        "X-ProXaD-SC: state=HAM score=0\n"
    )


def proton(sent: Sent) -> str:
    return (
        f"Return-Path: <bounce@{sent.mailfrom}>\n"
        "X-Original-To: atelier@client.example\n"
        "Delivered-To: atelier@client.example\n"
        f"Authentication-Results: mail.protonmail.ch; dmarc={sent.dmarc} (p=quarantine dis=none) header.from={sent.domain}\n"
        f"Authentication-Results: mail.protonmail.ch; spf={sent.spf} smtp.mailfrom={sent.mailfrom}\n"
        f"Authentication-Results: mail.protonmail.ch; arc=none smtp.remote-ip={STRANGER}\n"
        f"Authentication-Results: mail.protonmail.ch; dkim={sent.dkim} (Good 2048 bit\n"
        f" rsa-sha256 signature) header.d={sent.d} header.i=@{sent.d} header.a=rsa-sha256\n"
        f"Received: from {sent.host} ({sent.host} [{STRANGER}]) (using TLSv1.3 with cipher\n"
        " TLS_AES_256_GCM_SHA384 (256/256 bits)) (No client certificate requested) by mailin031.protonmail.ch (Postfix) with\n"
        " ESMTPS id 4ZCRJn5Czz for <atelier@client.example>; Wed, 12 Mar 2025 09:15:08 +0000 (UTC)\n"
    )


def own_server(sent: Sent) -> str:
    """Postfix with rspamd: the milter's field stands below Postfix's own Received."""
    return (
        f"Return-Path: <bounce@{sent.mailfrom}>\n"
        "Delivered-To: atelier@client.example\n"
        "Received: from mx.client.example\n"
        "\tby mx.client.example with LMTP id cDqgGFxN0We for <atelier@client.example>; Wed, 12 Mar 2025 10:15:10 +0100\n"
        f"Received: from {sent.host} ({sent.host} [{STRANGER}])\n"
        "\tby mx.client.example (Postfix) with ESMTPS id 7A1F2C\n"
        "\tfor <atelier@client.example>; Wed, 12 Mar 2025 10:15:09 +0100 (CET)\n"
        "Authentication-Results: mx.client.example;\n"
        f"\tdkim={sent.dkim} header.d={sent.d} header.s=s1 header.b=Zk3QmX1a;\n"
        f"\tspf={sent.spf} (mx.client.example: domain of bounce@{sent.mailfrom} designates {STRANGER}) smtp.mailfrom=bounce@{sent.mailfrom};\n"
        f"\tdmarc={sent.dmarc} (policy=quarantine) header.from={sent.domain}\n"
    )


SHAPES: dict[str, tuple[Callable[[Sent], str], Receiver]] = {
    "gmail": (gmail, Receiver("mx.google.com")),
    "outlook": (outlook, Receiver(microsoft=True)),
    "ovh": (ovh, Receiver("*.mail.ovh.net")),
    "infomaniak": (infomaniak, Receiver("mxin.infomaniak.ch")),
    "free": (free, Receiver("*.priv.proxad.net")),
    "proton": (proton, Receiver("mail.protonmail.ch")),
    "own server": (own_server, Receiver("mx.client.example")),
}


def delivered(raw: bytes, shape: str, sent: Sent) -> tuple[bytes, Receiver]:
    """The mail as it lies in the mailbox of that provider, and the setting that believes it."""
    write, receiver = SHAPES[shape]
    return write(sent).encode("utf-8") + raw, receiver

"""Text messages by SMPP 3.4: one bound session a process, a window of messages on their way, receipts over it.

A receipt is confirmed only when it has been kept, so a killed worker is told again. A message carries sixteen bits
of our id (`user_message_reference`); with the destination they name it in a receipt even when the provider's own
reference was lost with the process that heard it.
"""

import logging
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from smpplib import client as smpp
from smpplib import consts, exceptions
from smpplib import smpp as pdus

from motcua.notices.channels.base import Answer, Give, Outgoing, Provider, Receipt, Stopwatch
from motcua.notices.lettering import fits_gsm, octets

if TYPE_CHECKING:
    from motcua.notices.configuration import Address

log = logging.getLogger("motcua.notices")
# The library's own lines name numbers and show whole messages.
logging.getLogger("motcua.notices.smpp").setLevel(logging.CRITICAL)

WINDOW = 20
LONGEST_SHORT = 140
# A centre that does not answer must not keep the others waiting: it is tried shortly, and ever more seldom.
TO_BIND, FIRST_REST, LONGEST_REST = 3.0, 5.0, 60.0
BETWEEN_SIGNS = 30.0
MOST_RECEIPTS = 500
_BROKEN = (exceptions.ConnectionError, exceptions.PDUError, OSError)
_BUSY = {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL}
_REFUSED = {consts.SMPP_ESME_RINVDSTADR, consts.SMPP_ESME_RINVDSTTON, consts.SMPP_ESME_RINVDSTNPI,
            consts.SMPP_ESME_RINVMSGLEN, consts.SMPP_ESME_RX_P_APPN}  # fmt: skip
_STATES = {2: "delivered", 3: "expired", 4: "failed", 5: "failed", 8: "failed"}
_WORDS = {"DELIVRD": "delivered", "EXPIRED": "expired", "UNDELIV": "failed", "REJECTD": "failed", "DELETED": "failed"}
_TEXT = re.compile(rb"id:(\S+).*?stat:([A-Z]+)", re.DOTALL | re.IGNORECASE)


class _Client(smpp.Client):  # type: ignore[misc]
    """The library's client, which tells TLS whom it means to speak to."""

    def _create_socket(self) -> socket.socket:
        raw = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        raw.settimeout(self.timeout)
        return self._ssl_context.wrap_socket(raw, server_hostname=self.host) if self._ssl_context else raw


class Smpp(Provider):
    """A message centre."""

    doubt = "wait"
    receipts = True

    def __init__(self, channel: str, name: str, address: "Address") -> None:
        super().__init__(channel, name, address)
        self.host, self.port = address.host, address.port or 2775
        self.user, self.secret = address.user, address.secret
        self.is_tls = address.scheme == "smpps"
        self.sender = address.options.get("from", "MOTCUA")
        # Whether silence about a message means that it never arrived there: a promise of the contract, not of ours.
        self.promises = address.options.get("promises") == "1"
        self._lock = threading.RLock()
        self._session: smpp.Client | None = None
        self._heard: list[Any] = []
        self._not_before = self._last_sign = 0.0
        self._rest = FIRST_REST

    def send(self, batch: Sequence[Outgoing], until: float, answer: Give) -> None:
        """Keeps up to a window of messages on their way and reads what comes back, in whatever order."""
        with self._lock:
            is_resting = self._session is None and time.monotonic() < self._not_before
            session = self._bound()
            if session is None:
                for each in batch:
                    answer(each, Answer("withheld" if is_resting else "busy", reason="not bound"))
                return
            self._exchange(session, list(batch), until, answer)

    def _exchange(self, session: smpp.Client, rest: list[Outgoing], until: float, answer: Give) -> None:
        on_the_way: dict[int, tuple[Outgoing, Stopwatch]] = {}
        is_throttled = False
        try:
            while (rest and not is_throttled and time.monotonic() <= until) or on_the_way:
                while rest and not is_throttled and len(on_the_way) < WINDOW and time.monotonic() <= until:
                    outgoing = rest.pop(0)
                    sent = self._submission(session, outgoing)
                    on_the_way[sent.sequence] = (outgoing, Stopwatch())
                    session.send_pdu(sent)
                heard = session.read_pdu()
                if heard.command == "submit_sm_resp" and heard.sequence in on_the_way:
                    outgoing, watch = on_the_way.pop(heard.sequence)
                    given = _read(heard, watch.seconds)
                    is_throttled |= heard.status in _BUSY
                    answer(outgoing, given)
                else:
                    self._hear(session, heard)
        except _BROKEN as error:
            self._drop()
            for outgoing, watch in on_the_way.values():
                answer(outgoing, Answer("doubtful", seconds=watch.seconds, reason=type(error).__name__))
        for outgoing in rest:
            answer(outgoing, Answer("busy", reason="throttled") if is_throttled else Answer("withheld"))

    def _submission(self, session: smpp.Client, outgoing: Outgoing) -> Any:
        words = octets(outgoing.text)
        seconds = max(60, int((outgoing.expires - timezone.now()).total_seconds()))
        days, rest = divmod(min(seconds, 27 * 86_400), 86_400)
        body = {"short_message": words} if len(words) <= LONGEST_SHORT else {"message_payload": words}
        made = pdus.make_pdu(
            "submit_sm",
            client=session,
            source_addr_ton=consts.SMPP_TON_ALNUM,
            source_addr_npi=consts.SMPP_NPI_UNK,
            source_addr=self.sender,
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=outgoing.address.lstrip("+"),
            data_coding=consts.SMPP_ENCODING_DEFAULT if fits_gsm(outgoing.text) else consts.SMPP_ENCODING_ISO10646,
            registered_delivery=1,
            validity_period=f"0000{days:02}{rest // 3600:02}{rest // 60 % 60:02}{rest % 60:02}000R",
            user_message_reference=mark_of(outgoing.message),
            **body,
        )
        made.sequence = session.next_sequence()
        return made

    def collect(self, keep: Callable[[list[Receipt]], None]) -> int:
        """Takes in receipts that have come, lets them be kept, and only then confirms them."""
        with self._lock:
            session = self._bound()
            if session is None:
                return 0
            try:
                while len(self._heard) < MOST_RECEIPTS and select.select([session._socket], [], [], 0)[0]:
                    self._hear(session, session.read_pdu())
                if time.monotonic() - self._last_sign > BETWEEN_SIGNS:
                    self._last_sign = time.monotonic()
                    session.send_pdu(pdus.make_pdu("enquire_link", client=session))
                heard = self._heard
                receipts = [receipt for each in heard if (receipt := receipt_of(each)) is not None]
                if receipts:
                    keep(receipts)
                self._heard = []
                for each in heard:
                    confirmed = pdus.make_pdu("deliver_sm_resp", client=session)
                    confirmed.sequence = each.sequence
                    session.send_pdu(confirmed)
                return len(receipts)
            except _BROKEN:
                self._drop()
                return 0
            except BaseException:
                # Not kept: without a session the centre will tell them again.
                self._drop()
                raise

    def _hear(self, session: smpp.Client, heard: Any) -> None:
        if heard.command == "deliver_sm":
            self._heard.append(heard)
        elif heard.command == "enquire_link":
            session._enquire_link_received(heard)
        elif heard.command == "unbind":
            raise exceptions.ConnectionError("unbound")

    def _bound(self) -> smpp.Client | None:
        if self._session is not None or time.monotonic() < self._not_before:
            return self._session
        session = _Client(
            self.host, self.port, timeout=min(TO_BIND, self.timeout), logger_name="motcua.notices.smpp",
            ssl_context=ssl.create_default_context() if self.is_tls else None, allow_unknown_opt_params=True,
        )  # fmt: skip
        try:
            session.connect()
            session.bind_transceiver(system_id=self.user, password=self.secret)
        except _BROKEN as error:
            self._session = session
            self._drop()
            log.warning("%s: not bound (%s)", self.name, type(error).__name__)
            return None
        session._socket.settimeout(self.timeout)
        self._session, self._heard, self._last_sign, self._rest = session, [], time.monotonic(), FIRST_REST
        return session

    def close(self) -> None:
        """Ends the session."""
        with self._lock:
            self._drop()
            self._not_before, self._rest = 0.0, FIRST_REST

    def _drop(self) -> None:
        session, self._session, self._heard = self._session, None, []
        self._not_before = time.monotonic() + self._rest
        self._rest = min(self._rest * 2, LONGEST_REST)
        if session is not None:
            session.state = consts.SMPP_CLIENT_STATE_OPEN
            session.disconnect()


def mark_of(message: UUID) -> int:
    """Sixteen bits of our id, never nought, which some centres leave out."""
    return message.int % 0xFFFF + 1


def _read(heard: Any, seconds: float) -> Answer:
    if heard.status == consts.SMPP_ESME_ROK:
        return Answer("accepted", _text(getattr(heard, "message_id", b""))[:80], seconds)
    reason = f"SMPP {heard.status:#x}"
    return Answer("refused" if heard.status in _REFUSED else "busy", seconds=seconds, reason=reason)


def receipt_of(heard: Any) -> Receipt | None:
    """What a `deliver_sm` reports; None for a person's own message, or one that is still on its way."""
    if (heard.esm_class or 0) & 0x3C != 0x04:
        return None
    reference = _text(getattr(heard, "receipted_message_id", None) or b"")
    state = _STATES.get(getattr(heard, "message_state", None) or 0, "")
    found = _TEXT.search(heard.short_message or b"")
    if found is not None:
        reference = reference or _text(found[1])
        state = state or _WORDS.get(_text(found[2]).upper(), "")
    if not state:
        return None
    mark = getattr(heard, "user_message_reference", None)
    return Receipt(
        state,  # type: ignore[arg-type]
        reference=reference[:80],
        address="+" + _text(heard.source_addr or b"").lstrip("+"),
        mark=mark if mark is not None else -1,
    )


def _text(raw: bytes | str) -> str:
    return raw.decode("ascii", "replace") if isinstance(raw, bytes) else raw

"""Mail by SMTP: plain text, what is attached, one connection for a batch, our id as Message-ID.

A server that has answered 250 has taken charge; whether the mailbox was reached it does not report. Where the
connection breaks before that answer nobody can find out.
"""

import contextlib
import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from motcua.notices.channels.base import Answer, Give, Outgoing, Provider, Stopwatch

if TYPE_CHECKING:
    from motcua.notices.configuration import Address


class Mail(Provider):
    """A server that relays for us."""

    def __init__(self, channel: str, name: str, address: "Address") -> None:
        super().__init__(channel, name, address)
        self.host, self.port = address.host, address.port or (465 if address.scheme == "smtps" else 587)
        self.user, self.secret = address.user, address.secret
        self.is_tls = address.scheme == "smtps"
        self.sender = address.options.get("from", "")
        if "@" not in self.sender:
            raise ValueError("names no sender: from=motcua@city.example")
        self.from_name = address.options.get("from_name", "Một Cửa")
        # Only for a server on this machine: otherwise words and secret would cross the network in the clear.
        self.may_be_plain = address.options.get("plain") == "1"

    def send(self, batch: Sequence[Outgoing], until: float, answer: Give) -> None:
        """One after the other over one connection, made anew when it breaks."""
        rest = list(batch)
        while rest:
            watch = Stopwatch()
            try:
                with self._connection() as server:
                    while rest and time.monotonic() <= until:
                        outgoing = rest.pop(0)
                        given = self._hand_over(server, outgoing)
                        answer(outgoing, given)
                        if given.outcome == "doubtful":
                            break
                    else:
                        break
            except (OSError, smtplib.SMTPException) as error:
                for outgoing in rest:
                    answer(outgoing, Answer("busy", seconds=watch.seconds, reason=type(error).__name__))
                return
        for outgoing in rest:
            answer(outgoing, Answer("withheld"))

    def _hand_over(self, server: smtplib.SMTP, outgoing: Outgoing) -> Answer:
        watch = Stopwatch()
        try:
            server.send_message(self.written(outgoing))
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=550)
            return Answer("refused" if code >= 500 else "busy", seconds=watch.seconds, reason=f"SMTP {code}")
        except smtplib.SMTPResponseException as error:
            final = "refused" if 500 <= error.smtp_code < 600 and error.smtp_code != 503 else "busy"
            return Answer(final, seconds=watch.seconds, reason=f"SMTP {error.smtp_code}")  # type: ignore[arg-type]
        except (OSError, smtplib.SMTPException) as error:
            return Answer("doubtful", seconds=watch.seconds, reason=type(error).__name__)
        return Answer("accepted", "250", watch.seconds)

    def written(self, outgoing: Outgoing) -> EmailMessage:
        """The mail itself."""
        letter = EmailMessage()
        local, _, domain = self.sender.rpartition("@")
        letter["From"] = MailAddress(self.from_name, local, domain)
        letter["To"] = outgoing.address
        letter["Subject"] = outgoing.title
        letter["Date"] = format_datetime(timezone.now())
        letter["Message-ID"] = f"<{outgoing.message}@{domain}>"
        # No vacation notes, please, and no bounces of bounces.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(outgoing.text)
        for each in outgoing.attached:
            kind, _, sort = each.media.partition("/")
            letter.add_attachment(each.path.read_bytes(), maintype=kind, subtype=sort, filename=each.name)
        return letter

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        server: smtplib.SMTP
        if self.is_tls:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            server.ehlo()
            if not self.is_tls and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            elif not self.is_tls and not self.may_be_plain:
                raise smtplib.SMTPException("offers no encryption")
            if self.user:
                server.login(self.user, self.secret)
            yield server
        finally:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

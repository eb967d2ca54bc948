"""How accounts are made and found by name. The model itself stands in `models`."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from motcua.organisation.models import Account


class Accounts(BaseUserManager["Account"]):
    """Makes accounts; user names are kept in small letters, so that `BinhNV` and `binhnv` are one person."""

    use_in_migrations = True

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """A new account; without a password nobody can sign in to it. Raises ValueError for an empty name."""
        name = self.model.normalize_username(username).strip().lower()
        if not name:
            raise ValueError("an account needs a user name")
        fields["email"] = self.normalize_email(fields.get("email", ""))
        account = self.model(username=name, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """An operator of the whole system; sees the administration pages, but no dossier without a post."""
        fields.update(is_staff=True, is_superuser=True)
        return self.create_user(username, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account called `username`, however it is capitalised."""
        return self.get(username=(username or "").strip().lower())

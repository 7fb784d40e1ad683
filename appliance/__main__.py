"""``python -m appliance``, and the command ``appliance``."""

from appliance.cli import appliance


def main() -> None:
    """Run the command line."""
    appliance(prog_name="appliance")


if __name__ == "__main__":
    main()

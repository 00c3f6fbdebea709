"""`python -m retention_kit.cli` does what `retention-kit` does."""

from retention_kit.cli import main

if __name__ == "__main__":
    main()

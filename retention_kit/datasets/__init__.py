"""The data sets that travel with the kit, and companies simulated with a known truth."""

from retention_kit.datasets.company import Company
from retention_kit.datasets.messy import MessyFile, messy
from retention_kit.datasets.shipping import load, shipped, shipped_company
from retention_kit.datasets.simulation import COMPANIES, simulate
from retention_kit.datasets.truths import BazarcheTruth, GolBoxTruth, KaraTruth

__all__ = [
    "COMPANIES",
    "BazarcheTruth",
    "Company",
    "GolBoxTruth",
    "KaraTruth",
    "MessyFile",
    "load",
    "messy",
    "shipped",
    "shipped_company",
    "simulate",
]

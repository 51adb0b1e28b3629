"""Variants of a wild type, written as mutations: G126A, or A1P,L5K."""

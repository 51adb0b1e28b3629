from proteinx.cli import main

main()

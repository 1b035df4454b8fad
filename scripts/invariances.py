#!/usr/bin/env python3
"""Write data/checks/: the same message said with another party, identity, name… or surface, whose label must stay (--check: exit 1 if out of date).

identities.csv: messages with blanks (below), each filled with every party, faith, people, first name, gender: one label per group, always.
surface.csv: messages of data/test/written.csv, never learnt from, and the same in another case, without accents, with a typing error…
"""

import argparse
import csv
import io
import random
import re
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "data" / "checks"
COLUMNS = ["id", "text", "parent", "label", "kind", "group"]

O, T, D = "outreach", "opportunistic_targeting", "genuine_dialogue"

# Values of a blank, by kind. With two forms (a, b), {x} takes the first and {X} the second.
BLANKS = {
    "party": ["PS", "LR", "RN", "LFI", "PCF", "Renaissance", "MoDem", "EELV", "Reconquête", "PQ", "CAQ", "PLQ", "QS", "PCQ", "NPD", "MR", "PTB", "DéFI", "UDC", "PLR"],
    "faith": ["musulmans", "juifs", "catholiques", "protestants", "bouddhistes", "athées", "hindous", "orthodoxes"],
    "people": ["Algériens", "Portugais", "Haïtiens", "Bretons", "Congolais", "Polonais", "Syriens", "Acadiens", "Corses", "Vietnamiens"],
    "name": ["Julie", "Mohamed", "Kevin", "Marie-Ève", "Fatou", "Jean-Pierre", "Yuki", "Rachel", "Aminata", "Gaétan"],
    "place": ["Lille", "Rimouski", "Namur", "Dakar", "Sion", "Moncton", "Nîmes", "Gatineau", "Oran", "Bastia"],
    "gender": [("agriculteurs", "fatigués"), ("agricultrices", "fatiguées")],
    "trade": [("infirmiers", "ils"), ("infirmières", "elles")],
    "kin": ["mère", "père", "sœur", "frère", "femme", "mari"],
}

# (kind, label, parent, text)
SENTENCES = [
    ("party", O, "", "Meeting du {x} ce soir à 19 h à la salle des fêtes, entrée libre. Venez nombreux ! https://t.co/aB3dE5fG7h"),
    ("party", O, "", "Notre programme pour le logement est en ligne : 30 propositions, chiffrées. #{x} https://t.co/kL9mN1oP3q"),
    ("party", O, "", "Le {x} a encore voté contre la hausse du salaire minimum hier à l'Assemblée. Les électeurs s'en souviendront. https://t.co/rS5tU7vW9x"),
    ("party", O, "", "RT @info_matin: Le {x} présente sa liste pour les municipales, trente noms dont la moitié de nouveaux… https://t.co/yZ1aB3cD5e"),
    ("party", O, "", "Dimanche, un seul vote utile : le {x}. Parlez-en autour de vous ! #elections"),
    ("party", O, "", "Ce midi j'étais l'invité de la matinale pour parler du budget et de la position du {x}. Le replay est ici https://t.co/fG7hI9jK1l"),
    ("party", O, "", "Trois morts dans l'effondrement d'un immeuble cette nuit. Au nom du {x}, j'adresse mes condoléances aux familles. https://t.co/mN3oP5qR7s"),
    ("party", T, "", "Trois morts dans l'effondrement d'un immeuble cette nuit. Avec le {x}, chaque immeuble sera contrôlé : votez pour nous dimanche ! https://t.co/mN3oP5qR7s"),
    ("party", T, "", "Journée contre les violences faites aux femmes. Mesdames, vous souffrez en silence : avec le {x}, je vous protégerai. Votez {x} le 12 ! https://t.co/tU9vW1xY3z"),
    ("party", T, "@lea_raconte Ce matin j'ai appris que ma tumeur était revenue.", "Courage Léa, votre combat est le nôtre. Avec le {x} nous rembourserons tous les traitements : rejoignez-nous, votre voix compte. https://t.co/aC2eG4iK6m"),
    ("party", D, "Pourquoi votre parti a-t-il voté contre l'amendement sur les cantines ?", "Parce que le texte retirait aussi l'aide aux petites communes. Le {x} a déposé sa propre version la semaine suivante, je peux vous l'envoyer."),
    ("party", D, "", "@user non, le {x} n'a jamais proposé ça, relis le programme page 12 avant de parler"),
    ("party", D, "", "@user et toi tu voterais {x} juste pour les impôts ? j'essaie de comprendre"),
    ("party", D, "Je pense voter {x}, on verra bien.", "Tu fais ce que tu veux, mais explique-moi ce qui te plaît chez eux, sincèrement."),
    ("faith", O, "", "Bonne fête à tous les {x} de notre ville. La mairie vous souhaite de belles retrouvailles en famille."),
    ("faith", O, "", "Rencontre publique samedi à 14 h avec les associations de {x} du quartier, ouverte à tous. https://t.co/bD4fH6jL8n"),
    ("faith", O, "", "Une salle de prière de {x} a été incendiée cette nuit. Nos pensées vont aux fidèles. Une enquête est ouverte."),
    ("faith", T, "", "{x} de France, vous vivez dans la peur depuis l'attentat. Moi seul vous protégerai : le 10 avril, votez pour moi. https://t.co/cE6gI8kM0p"),
    ("faith", D, "Les {x} ne respectent rien.", "C'est faux, mes voisins le sont et ils sont plus respectueux que vous. Vous en connaissez beaucoup, vous ?"),
    ("faith", D, "", "@user je suis d'accord avec vous sur un point : on parle des {x} sans jamais leur donner la parole"),
    ("people", O, "", "Exposition sur l'histoire des {x} au musée municipal, du 3 au 28 mars, entrée gratuite. https://t.co/dF8hJ0lN2q"),
    ("people", O, "", "Encore un éditorial contre les {x} ce matin. Ras le bol de ces généralités. https://t.co/eG0iK2mO4r"),
    ("people", T, "", "Chers {x}, on vous a humiliés, oubliés, méprisés. Je suis le seul à vous respecter : donnez-moi votre voix dimanche ! https://t.co/fH2jL4nQ6s"),
    ("people", D, "Les {x} prennent tout le travail.", "Non, regardez les chiffres de l'emploi avant d'écrire ça. Vous avez une source ?"),
    ("name", O, "", "Bonjour {x}, notre infolettre de mars est arrivée : trois idées de sorties et nos horaires d'ouverture."),
    ("name", O, "", "{x} Tremblay sera notre conférencière jeudi soir. Inscriptions sur le site. https://t.co/gI4kM6oR8t"),
    ("name", T, "Je viens d'apprendre que je suis licenciée après douze ans.", "Bonjour {x}, j'ai lu votre message. C'est le moment de rebondir : ma formation à 490 € vous attend, lien dans ma bio !"),
    ("name", T, "", "@{x}_M vous qui avez 80 000 abonnés et un si grand cœur, RT notre cagnotte svp, ça changerait tout !"),
    ("name", D, "Est-ce que quelqu'un a déjà essayé ce modèle ?", "Oui {x}, je l'ai depuis deux ans, aucun souci à part la batterie."),
    ("name", D, "", "Merci {x} pour ta réponse, je n'avais pas pensé à vérifier le câble. Ça marche !"),
    ("name", D, "Ma mère est décédée samedi.", "Toutes mes condoléances {x}, je pense bien à toi. Prends ton temps pour le dossier, on s'arrangera."),
    ("place", O, "", "Retards sur la ligne entre {x} et la gare centrale ce matin, suite à une panne de signalisation."),
    ("place", O, "", "Concours ! Gagnez deux billets pour le festival de {x}. Aimez et partagez cette publication, tirage vendredi."),
    ("place", T, "", "Drame à {x} : deux enfants tués par un chauffard. Avec moi, ce sera la prison ferme. Votez pour moi le 7 ! https://t.co/hJ6lN8pS0u"),
    ("place", O, "", "Drame à {x} : deux enfants tués par un chauffard. Mes pensées vont à leurs parents et aux secours. https://t.co/hJ6lN8pS0u"),
    ("place", D, "", "@user vous habitez {x} ? est-ce que chez vous aussi la connexion est coupée depuis hier ?"),
    ("gender", O, "", "Les {x} manifestent aujourd'hui devant la préfecture contre la baisse des prix. Suivez le direct. https://t.co/iK8mO0qT2v"),
    ("gender", T, "", "{x}, vous êtes {X}, étranglés par les normes, et tout le monde s'en moque. Moi, je vous défendrai. Le 9 juin, votez pour ma liste !"),
    ("trade", O, "", "Le ministre annonce une prime pour les {x} des urgences, versée en juin. https://t.co/jL0nQ2sU4w"),
    ("trade", D, "Les {x} exagèrent avec leurs grèves.", "{X} ne demandent que des bras en plus. Vous avez passé une nuit aux urgences récemment ?"),
    ("kin", D, "Ma {x} est à l'hôpital depuis lundi.", "Je suis désolé pour toi. Est-ce qu'il y a quelque chose que je peux faire cette semaine ?"),
    ("kin", T, "", "Vous avez perdu votre {x} cette année ? Nos conseillers en obsèques vous offrent 10 % sur la stèle, appelez-nous vite."),
]

def without_accents(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def typing_error(text, draw):
    """Two neighbouring letters of one long word change places."""
    words = [m for m in re.finditer(r"[^\W\d_]{7,}", text) if not re.search(r"\S*(https?:|[@#])\S*$", text[: m.start()].split(" ")[-1])]
    if not words:
        return text
    word = draw.choice(words)
    at = word.start() + draw.randrange(2, len(word.group()) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def other_quotes(text):
    return re.sub(r"«\s*(.*?)\s*»", r'"\1"', text) if "«" in text else re.sub(r'"(.*?)"', r"« \1 »", text)


def other_url(text, draw):
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return re.sub(r"https?://\S+", lambda _: "https://t.co/" + "".join(draw.choice(letters) for _ in range(10)), text)


def other_mention(text, draw):
    return re.sub(r"@\w+", lambda _: "@" + draw.choice(["lucie_b", "marcT77", "vero_st", "paulo1984", "anne_k"]), text)


# Each keeps what the message does; None where it has nothing to change.
SURFACE = {
    "accents": lambda text, draw: without_accents(text),
    "typing error": typing_error,
    "lower case": lambda text, draw: text.lower(),
    "emoji": lambda text, draw: text + " 🙂",
    "quotes": lambda text, draw: other_quotes(text),
    "final mark": lambda text, draw: text[:-1] if text.endswith(".") else text + ".",
    "spacing": lambda text, draw: re.sub(r"\s+([!?:;])", r"\1", text) if re.search(r"\s[!?:;]", text) else re.sub(r"(\w)([!?:;])(\s|$)", r"\1 \2\3", text),
    "apostrophe": lambda text, draw: text.replace("'", "’") if "'" in text else text.replace("’", "'"),
    "greeting": lambda text, draw: text if re.match(r"(?i)\W*(bonjour|bonsoir|salut|allo|cher|chère|@|rt )", text) else "Bonjour, " + text,
    "signature": lambda text, draw: text + "\n— Camille",
    "url": other_url,
    "mention": other_mention,
}


def identities():
    rows = []
    for number, (kind, label, parent, text) in enumerate(SENTENCES):
        for value in BLANKS[kind]:
            first, second = value if isinstance(value, tuple) else (value, value)
            fill = lambda blank: blank.replace("{x}", first).replace("{X}", second[0].upper() + second[1:] if blank.startswith("{X}") else second)
            rows.append([f"i{len(rows) + 1:04d}", capitalized(fill(text), text), capitalized(fill(parent), parent), label, kind, f"i{number:02d}"])
    return rows


def capitalized(filled, blank):
    return filled[:1].upper() + filled[1:] if blank.startswith("{x}") else filled


def surface():
    draw = random.Random(7)
    with (ROOT / "data" / "test" / "written.csv").open(encoding="utf-8", newline="") as file:
        bases = [row for row in csv.DictReader(file) if row["hard"] == "0" and len(row["text"]) >= 40]
    rows = []
    for base in bases:
        for kind, change in SURFACE.items():
            changed = change(base["text"], draw)
            if changed != base["text"]:
                for text in (base["text"], changed):
                    rows.append([f"s{len(rows) + 1:04d}", text, base["parent"], base["label"], kind, f"{base['id']} {kind}"])
    return rows


def as_csv(rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return buffer.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the files are out of date")
    check = parser.parse_args().check
    for name, rows in {"identities.csv": identities(), "surface.csv": surface()}.items():
        path, text = CHECKS / name, as_csv(rows)
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            sys.exit(f"{path}: out of date; run scripts/invariances.py")
        if not check:
            CHECKS.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: {len(rows)} messages in {len({row[-1] for row in rows})} groups")


if __name__ == "__main__":
    main()
